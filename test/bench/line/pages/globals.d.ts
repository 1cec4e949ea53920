/** What the pages of the rivals offer to the benchmark, and what their scripts offer to them. */
interface PluploadFile {
  id: string
  name: string
  percent: number
}

interface PluploadUploader {
  init(): void
  start(): void
  addFile(files: File[]): void
  setOption(options: Record<string, unknown>): void
}

type PluploadHandler = (
  uploader: PluploadUploader,
  files: PluploadFile & Iterable<PluploadFile>,
) => void

interface OssClient {
  put(name: string, file: File): Promise<unknown>
  multipartUpload(name: string, file: File): Promise<unknown>
}

interface Window {
  prepareFiles(selected: FileList): void
  startUpload(): void
  plupload: {
    Uploader: new (
      options: Record<string, unknown> & { init: Record<string, PluploadHandler> },
    ) => PluploadUploader
  }
  OSS: new (options: Record<string, unknown>) => OssClient
}
