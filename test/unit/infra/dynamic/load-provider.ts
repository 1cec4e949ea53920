import { compileFunction, constants } from 'node:vm'

/** The functions of a dynamic resource, as the engine's plugin calls them. */
export interface LoadedProvider {
  create(inputs: unknown): Promise<unknown>
  diff(id: string, olds: unknown, news: unknown): Promise<unknown>
  update?(id: string, olds: unknown, news: unknown): Promise<unknown>
  delete?(id: string, state: unknown): Promise<void>
}

/** Loads functions from the text that the engine stores in the state. Works in Node itself only. */
export function loadProvider(text: unknown): LoadedProvider {
  const loaded: { handler?: () => LoadedProvider } = {}
  compileFunction(String(text), ['exports'], {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })(loaded)
  if (loaded.handler === undefined) throw new Error('The text exports no handler')
  return loaded.handler()
}
