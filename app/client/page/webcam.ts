/*
 * Uppy's Webcam and its styles. The bundler orders lazily loaded styles by path, and the path of a
 * package depends on where it is installed; that of this file does not.
 */
import '@uppy/webcam/css/style.min.css'

export { default as Webcam } from '@uppy/webcam'
