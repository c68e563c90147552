import { useLayoutEffect, useRef } from 'preact/hooks'
import { day, money, plusDays } from '../formats.ts'
import { results } from '../words/results.ts'
import { DAYS_KNOWN } from './results-live.ts'
import type { Days } from './results-live.ts'
import { reduced } from './results-prices.ts'

type Props = {
  label: string
  date: string
  /** The first day that can be chosen. */
  first: string
  days: Days | undefined
  urlOf: (date: string) => string
}

/** The days around a date with the lowest fare of each; choosing one is going to its address. */
export const ResultsDays = ({ label, date, first, days, urlOf }: Props) => {
  const strip = useRef<HTMLElement>(null)
  const start = [first, plusDays(date, -3)].toSorted()[date < first ? 0 : 1]!
  const dates = Array.from({ length: 7 }, (_, i) => plusDays(start, i))

  useLayoutEffect(() => {
    const current = strip.current?.querySelector<HTMLElement>('[aria-current]')
    if (!strip.current || !current) return
    strip.current.scrollLeft =
      current.offsetLeft - (strip.current.clientWidth - current.clientWidth) / 2
  }, [start, date])

  return (
    <nav class="day-strip" aria-label={label} ref={strip}>
      {dates.map((each) => {
        const isCurrent = each === date
        const isKnown = days && Math.abs(daysFrom(days.around, each)) <= DAYS_KNOWN
        const isEmpty = isKnown && !days.byDate.has(each)
        return isEmpty && !isCurrent ? (
          <span key={each}>
            <DayFare date={each} days={days} />
          </span>
        ) : (
          <a key={each} href={urlOf(each)} aria-current={isCurrent ? 'date' : undefined}>
            <DayFare date={each} days={isKnown ? days : undefined} />
          </a>
        )
      })}
    </nav>
  )
}

const DayFare = ({ date, days }: { date: string; days: Days | undefined }) => {
  const found = days?.byDate.get(date)
  return (
    <>
      <small>{day(date, { weekday: 'short' })}</small>
      <span>{day(date, { day: 'numeric', month: 'short' })}</span>
      <strong>
        {found && money(reduced(found.lowest_fare, days!.percent))}
        {days && !found && <small>{results().noFlights}</small>}
      </strong>
    </>
  )
}

export const daysFrom = (from: string, to: string) =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000
