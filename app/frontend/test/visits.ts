import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'vitest'
import type { Site, Visit, Visitor } from './browser.ts'
import type { Language } from './walk.ts'

export type Walk = (visitor: Visitor) => Promise<void>

/** A phone in Spanish and a desk in English: each page is seen in both languages and at both widths. */
export const visits: (Visit & { language: Language; width: number })[] = [
  { language: 'es', width: 360 },
  { language: 'en', width: 1280 },
]

/** One visit; the pages complain of nothing in its course. */
export const visitedBy = async (site: Site, visit: Visit, walk: Walk) => {
  const visitor = await site.visit(visit)
  try {
    await walk(visitor)
    expect(visitor.complaints).toEqual([])
  } finally {
    await visitor.close()
  }
}

/** axe finds nothing, and nothing is wider than the window. */
export const isSound = async ({ page }: Visitor) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
}
