import { countOf } from '../shared/format.ts';
import { element, part } from '../shared/parts.ts';

export interface TaughtLabel {
  name: string;
  examples: readonly string[];
}

export interface ExampleBoard {
  readonly labels: readonly TaughtLabel[];
  replace(labels: readonly TaughtLabel[]): void;
  /** Adds an example to the label of a name. */
  add(name: string, example: string): void;
}

/** Labels and their examples, each in a column that takes more. */
export function createExampleBoard(onChange: () => void): ExampleBoard {
  const board = part(document, 'board', HTMLElement);
  const addLabel = part(document, 'add-label', HTMLButtonElement);
  let labels: TaughtLabel[] = [];

  const change = (at: number, changed: TaughtLabel): void => {
    labels = labels.map((label, index) => (index === at ? changed : label));
    onChange();
  };

  const createExample = (column: Column, example: string): HTMLElement => {
    const row = element('li', 'example');
    row.dataset.testid = 'example';
    const remove = element('button', 'remove', '×');
    remove.type = 'button';
    remove.setAttribute('aria-label', `Remove “${example}”`);
    remove.addEventListener('click', () => {
      const rows = [...column.list.children];
      const which = rows.indexOf(row);
      const label = labels[column.at()]!;
      row.remove();
      column.count();
      column.input.focus();
      change(column.at(), { ...label, examples: label.examples.filter((_, index) => index !== which) });
    });
    row.append(element('span', 'example-text', example), remove);
    return row;
  };

  interface Column {
    root: HTMLElement;
    list: HTMLElement;
    input: HTMLInputElement;
    at(): number;
    count(): void;
    add(example: string): void;
  }

  const columns: Column[] = [];
  const createColumn = (label: TaughtLabel): Column => {
    const root = element('section', 'label');
    root.dataset.testid = 'label';
    const head = element('div', 'label-head');
    const name = element('input', 'label-name');
    name.type = 'text';
    name.value = label.name;
    name.autocomplete = 'off';
    name.setAttribute('aria-label', 'Name of the label');
    const counted = element('p', 'label-count');
    const drop = element('button', 'remove', '×');
    drop.type = 'button';
    head.append(name, counted, drop);
    const list = element('ul', 'examples');
    const form = element('form', 'label-form');
    const input = element('input', 'text-field');
    input.type = 'text';
    input.autocomplete = 'off';
    input.placeholder = 'Another example';
    input.dataset.testid = 'new-example';
    form.append(input);
    root.append(head, form, list);

    const column: Column = {
      root,
      list,
      input,
      at: () => columns.indexOf(column),
      count() {
        counted.textContent = countOf(list.childElementCount, 'example');
        input.setAttribute('aria-label', `Another example of ${name.value || 'the label'}`);
        drop.setAttribute('aria-label', `Remove the label ${name.value}`);
      },
      add(example) {
        list.prepend(createExample(column, example));
        column.count();
      },
    };
    name.addEventListener('input', () => {
      column.count();
      change(column.at(), { ...labels[column.at()]!, name: name.value.trim() });
    });
    drop.addEventListener('click', () => {
      const at = column.at();
      columns.splice(at, 1);
      labels = labels.filter((_, index) => index !== at);
      root.remove();
      (columns[Math.max(0, at - 1)]?.input ?? addLabel).focus();
      onChange();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const example = input.value.trim();
      if (example === '') return;
      input.value = '';
      column.add(example);
      const known = labels[column.at()]!;
      change(column.at(), { ...known, examples: [example, ...known.examples] });
    });
    list.append(...label.examples.map((example) => createExample(column, example)));
    column.count();
    return column;
  };

  const append = (label: TaughtLabel): Column => {
    const column = createColumn(label);
    columns.push(column);
    labels = [...labels, label];
    board.append(column.root);
    return column;
  };

  addLabel.addEventListener('click', () => {
    const column = append({ name: `label ${labels.length + 1}`, examples: [] });
    const name = column.root.querySelector<HTMLInputElement>('.label-name')!;
    name.focus();
    name.select();
    onChange();
  });

  return {
    get labels() {
      return labels;
    },
    replace(next) {
      columns.length = 0;
      labels = [];
      board.replaceChildren();
      for (const label of next) append(label);
      onChange();
    },
    add(name, example) {
      const at = labels.findIndex((label) => label.name === name);
      const label = labels[at];
      if (!label) return;
      columns[at]!.add(example);
      change(at, { ...label, examples: [example, ...label.examples] });
    },
  };
}
