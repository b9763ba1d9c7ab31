type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : S;

/** The same options, each also under its snake_case spelling, for those who come from transformers.js. */
export type WithSnakeCase<T> = T & { [K in keyof T & string as SnakeCase<K>]?: T[K] };
