import { IMAGE_LINES, type Image, type ImageLine, imagesOf } from './images.ts'
import { INSTANCE_TYPES, type InstanceType } from './instance-types.ts'
import { REGIONS, type Region } from './regions.ts'
import { familiesSoldIn } from './zone-offers.ts'

/** What there is to buy and where, and the hand that tests have in it. */
export class Catalogue {
  readonly #soldOut = new Set<string>()
  readonly #withdrawnZones = new Set<string>()
  readonly #images: Image[] = IMAGE_LINES.flatMap(imagesOf)

  /** Takes a type out of stock in a zone, or in every zone where none is named. */
  sellOut(instanceType: string, zoneId?: string): void {
    for (const zone of this.#zones(zoneId)) this.#soldOut.add(`${zone} ${instanceType}`)
  }

  /** Brings a type back into stock. */
  restock(instanceType: string, zoneId?: string): void {
    for (const zone of this.#zones(zoneId)) this.#soldOut.delete(`${zone} ${instanceType}`)
  }

  /** Closes a zone to new resources: it is listed no more. What is in it stays. */
  withdrawZone(zoneId: string): void {
    this.#withdrawnZones.add(zoneId)
  }

  /** Puts a new line of images on offer, or new dates of a known one. */
  releaseImages(line: ImageLine): void {
    const known = new Set(this.#images.map((image) => image.id))
    this.#images.push(...imagesOf(line).filter((image) => !known.has(image.id)))
  }

  /** Takes an image off the offer. */
  retireImage(imageId: string): void {
    const index = this.#images.findIndex((image) => image.id === imageId)
    if (index >= 0) this.#images.splice(index, 1)
  }

  region(id: string): Region | undefined {
    return REGIONS.find((region) => region.id === id)
  }

  /** The zones of a region that are open, in order. */
  zones(regionId: string): string[] {
    return (this.region(regionId)?.zones ?? []).filter((zone) => !this.#withdrawnZones.has(zone))
  }

  instanceType(id: string): InstanceType | undefined {
    return INSTANCE_TYPES.find((type) => type.id === id)
  }

  instanceTypes(): readonly InstanceType[] {
    return INSTANCE_TYPES
  }

  /** The types that a zone offers, in stock or not. */
  typesOffered(zoneId: string): InstanceType[] {
    const families = this.#withdrawnZones.has(zoneId) ? [] : familiesSoldIn(zoneId)
    return INSTANCE_TYPES.filter((type) => families.includes(type.family))
  }

  /** Whether a zone that offers the type has one left. */
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
