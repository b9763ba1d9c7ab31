/** What an object is by its own account, which holds for objects of another frame too, where `instanceof` does not. */
export const typeTag = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);
