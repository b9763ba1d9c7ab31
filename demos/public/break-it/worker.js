// A worker of this page: the library's own file, unchanged, behind what the attacks need.
import './saboteur.js';
import '/dist/worker.js';
