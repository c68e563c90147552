import { bookingParts } from '../words/booking-parts.ts'

export const demoCards = ['tok_approved', 'tok_declined', 'tok_processing', 'tok_timeout'] as const
export type DemoCard = (typeof demoCards)[number]

type Props = { value: DemoCard; disabled: boolean; onChoose: (card: DemoCard) => void }

/** The cards of the demonstration channel: tokens, never numbers. */
export const CardChoice = ({ value, disabled, onChoose }: Props) => {
  const { cards } = bookingParts()
  return (
    <fieldset class="choices" disabled={disabled}>
      <legend>{cards.legend}</legend>
      <p class="hint">{cards.about}</p>
      {demoCards.map((card) => (
        <label key={card} class="choice">
          <input
            type="radio"
            name="card"
            value={card}
            checked={card === value}
            onChange={() => onChoose(card)}
          />
          <span>
            <strong>{cards.names[card]}</strong>
            <small>{cards.hints[card]}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
