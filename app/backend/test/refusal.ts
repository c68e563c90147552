import { expect } from 'vitest'
import { problemTypes } from '../kernel/problems.ts'
import type { ProblemSlug } from '../kernel/problems.ts'

type Body = {
  type: string
  title: string
  status: number
  detail: string
  request_id: string
  errors?: { pointer: string; code: string; detail: string }[]
}

export type Answered = { status: number; headers: Record<string, string>; body: unknown }

/** Checks that an answer is a refusal of the house's shape, and says which, and at what it points. */
export const refusalOf = ({ status, headers, body }: Answered) => {
  expect(headers['content-type']).toBe('application/problem+json')
  expect(headers['cache-control']).toBe('no-store')
  const problem = body as Body
  const slug = problem.type.replace('/problems/', '') as ProblemSlug
  expect(problem.status).toBe(status)
  expect(problem).toMatchObject(problemTypes[slug])
  expect(problem.detail).toMatch(/\S/)
  expect(problem.request_id).toMatch(/^[0-9a-f]{32}$/)
  expect(headers['x-request-id']).toBe(problem.request_id)
  return { status, slug, at: [...new Set(problem.errors?.map(({ pointer }) => pointer))] }
}

export const refused = (slug: ProblemSlug, ...at: string[]) => ({
  status: problemTypes[slug].status,
  slug,
  at,
})
