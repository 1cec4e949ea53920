import { type Body, type Meta, UIPlugin, type UIPluginOptions, type Uppy } from '@uppy/core'
import { h } from '@uppy/core/utils/preact'
import type Dashboard from '@uppy/dashboard'

const ICON =
  'M4 8a2 2 0 0 1 2-2h3l1.5-2.2A2 2 0 0 1 12.200 3h3.600a2 2 0 0 1 1.700.8L19 6h3a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zm10 11a5 5 0 1 0 0-10 5 5 0 0 0 0 10z'
const PLUGIN_IDS = ['CameraButton', 'Webcam']

export interface CameraButtonOptions<M extends Meta, B extends Body> extends UIPluginOptions {
  target: Dashboard<M, B>
  /** The button's text. */
  title: string
}

/** Returns whether the page may open a camera: only in a secure context. */
export function hasCameraStream(): boolean {
  return isSecureContext && navigator.mediaDevices !== undefined
}

/** Changes the text of the camera's button. The Dashboard copies it when a plugin is added. */
export function renameCamera<M extends Meta, B extends Body>(
  uppy: Uppy<M, B>,
  dashboard: Dashboard<M, B>,
  title: string,
): void {
  for (const id of PLUGIN_IDS) {
    const plugin = uppy.getPlugin(id)
    if (!(plugin instanceof UIPlugin)) continue
    plugin.title = title
    dashboard.removeTarget(plugin)
    dashboard.addTarget(plugin)
  }
}

/** Button in the Dashboard that loads the camera plugin and opens it. */
export class CameraButton<M extends Meta, B extends Body> extends UIPlugin<
  CameraButtonOptions<M, B>,
  M,
  B
> {
  /** Called by the Dashboard. */
  readonly icon = (): ReturnType<typeof h> =>
    h(
      'svg',
      { 'aria-hidden': 'true', focusable: 'false', width: 32, height: 32, viewBox: '-2 -3 32 32' },
      h('path', { fill: 'currentcolor', 'fill-rule': 'evenodd', d: ICON }),
    )

  constructor(uppy: Uppy<M, B>, options: CameraButtonOptions<M, B>) {
    super(uppy, options)
    this.id = 'CameraButton'
    this.type = 'acquirer'
    this.title = options.title
  }

  override install(): void {
    this.mount(this.opts.target, this)
    this.uppy.on('dashboard:show-panel', this.#onPanel)
  }

  override uninstall(): void {
    this.uppy.off('dashboard:show-panel', this.#onPanel)
    this.opts.target.removeTarget(this)
    this.unmount()
  }

  override render(): ReturnType<typeof h> {
    return h('p', { class: 'loading', 'aria-busy': 'true' }, '…')
  }

  #onPanel = (id: string): void => {
    if (id === this.id) void this.#open()
  }

  async #open(): Promise<void> {
    const { target } = this.opts
    try {
      const { Webcam } = await import('./webcam.ts')
      target.hideAllPanels()
      this.uppy.removePlugin(this)
      this.uppy.use(Webcam<M, B>, { target, modes: ['picture'] })
      target.showPanel('Webcam')
    } catch (error) {
      target.hideAllPanels()
      this.uppy.info((error as Error).message, 'error')
    }
  }
}
