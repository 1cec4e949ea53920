/*
 * Uppy's Webcam with its styles. A file of ours because the bundler orders what is loaded later by
 * path, and that of a package depends on where it is installed.
 */
import '@uppy/webcam/css/style.min.css'

export { default as Webcam } from '@uppy/webcam'
