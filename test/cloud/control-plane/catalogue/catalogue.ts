import { IMAGE_LINES, type Image, type ImageLine, imagesOf } from './images.ts'
import { INSTANCE_TYPES, type InstanceType } from './instance-types.ts'
import { REGIONS, type Region } from './regions.ts'
import { familiesSoldIn } from './zone-offers.ts'

/** What is on sale in which zone; tests can change it. */
export class Catalogue {
  readonly #soldOut = new Set<string>()
  readonly #withdrawnZones = new Set<string>()
  readonly #images: Image[] = IMAGE_LINES.flatMap(imagesOf)

  /** Makes a type unavailable. @param zoneId @default every zone */
  sellOut(instanceType: string, zoneId?: string): void {
    for (const zone of this.#zones(zoneId)) this.#soldOut.add(`${zone} ${instanceType}`)
  }

  /** Makes a type available again. @param zoneId @default every zone */
  restock(instanceType: string, zoneId?: string): void {
    for (const zone of this.#zones(zoneId)) this.#soldOut.delete(`${zone} ${instanceType}`)
  }

  /** Closes a zone to new resources; existing ones stay. */
  closeZone(zoneId: string): void {
    this.#withdrawnZones.add(zoneId)
  }

  /** Adds a line of images, or new dates of a known one. */
  releaseImages(line: ImageLine): void {
    const known = new Set(this.#images.map((image) => image.id))
    this.#images.push(...imagesOf(line).filter((image) => !known.has(image.id)))
  }

  /** Removes an image. */
  retireImage(imageId: string): void {
    const index = this.#images.findIndex((image) => image.id === imageId)
    if (index >= 0) this.#images.splice(index, 1)
  }

  region(id: string): Region | undefined {
    return REGIONS.find((region) => region.id === id)
  }

  /** Returns the open zones of a region, in order. */
  zones(regionId: string): string[] {
    return (this.region(regionId)?.zones ?? []).filter((zone) => !this.#withdrawnZones.has(zone))
  }

  instanceType(id: string): InstanceType | undefined {
    return INSTANCE_TYPES.find((type) => type.id === id)
  }

  instanceTypes(): readonly InstanceType[] {
    return INSTANCE_TYPES
  }

  /** Returns the types that a zone sells, in stock or not. */
  typesOffered(zoneId: string): InstanceType[] {
    const families = this.#withdrawnZones.has(zoneId) ? [] : familiesSoldIn(zoneId)
    return INSTANCE_TYPES.filter((type) => families.includes(type.family))
  }

  /** Returns whether a zone that sells the type has it in stock. */
  inStock(instanceType: string, zoneId: string): boolean {
    return !this.#soldOut.has(`${zoneId} ${instanceType}`)
  }

  image(id: string): Image | undefined {
    return this.#images.find((image) => image.id === id)
  }

  /** Newest first, as the API lists them. */
  images(): Image[] {
    return this.#images.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
  }

  #zones(zoneId: string | undefined): readonly string[] {
    return zoneId === undefined ? REGIONS.flatMap((region) => region.zones) : [zoneId]
  }
}
