/** Offers the benchmark a page of six workers, each of which uploads one file at a time. */
export function offerSixWorkers(upload: (file: File) => Promise<unknown>): void {
  let files: File[] = []
  const work = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) await upload(file)
  }
  window.prepareFiles = (selected) => {
    files = [...selected]
  }
  window.startUpload = () => {
    for (let worker = 0; worker < 6; worker += 1) void work()
  }
}
