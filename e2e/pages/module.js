import * as insitu from '/dist/index.js';

globalThis.insitu = insitu;
