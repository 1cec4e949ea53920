import type { Upload, Uploader } from '@oss-direct-upload/uploader'
import { useCallback, useRef, useSyncExternalStore } from 'react'

/** Returns the list of an uploader; the component renders again whenever the list changes. */
export function useUploads(uploader: Uploader): readonly Upload[] {
  const snapshot = useRef<readonly Upload[]>([])
  const subscribe = useCallback(
    (onChange: () => void) =>
      uploader.subscribe(() => {
        snapshot.current = [...uploader.uploads]
        onChange()
      }),
    [uploader],
  )
  return useSyncExternalStore(subscribe, () => snapshot.current)
}
