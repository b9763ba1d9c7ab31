// @ts-check

/**
 * What one check found.
 *
 * @typedef {object} Finding
 * @property {'ok' | 'warning' | 'failure'} level A failure stops insitu, a warning makes it slower.
 * @property {string} check
 * @property {string} subject URL of what was looked at.
 * @property {string} message A sentence.
 * @property {string} [fix] A sentence.
 */

/**
 * @param {string} check
 * @param {string} subject
 * @param {string} message
 * @returns {Finding}
 */
export function ok(check, subject, message) {
  return { level: 'ok', check, subject, message };
}

/**
 * @param {string} check
 * @param {string} subject
 * @param {string} message
 * @param {string} fix
 * @returns {Finding}
 */
export function warning(check, subject, message, fix) {
  return { level: 'warning', check, subject, message, fix };
}

/**
 * @param {string} check
 * @param {string} subject
 * @param {string} message
 * @param {string} fix
 * @returns {Finding}
 */
export function failure(check, subject, message, fix) {
  return { level: 'failure', check, subject, message, fix };
}
