// @ts-check

/**
 * The content of `preprocessor_config.json`: pixels become -1 to 1, where the options do not say otherwise.
 *
 * @param {string} type
 * @param {object} options
 */
export function imageProcessor(type, options) {
  return {
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_processor_type: type,
    image_std: [0.5, 0.5, 0.5],
    resample: 2,
    rescale_factor: 1 / 255,
    ...options,
  };
}
