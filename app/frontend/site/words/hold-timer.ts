import { words } from '../language.ts'

export const holdTimerWords = words({
  es: {
    label: 'Tiempo de tus sillas',
    left: 'Sillas tuyas por',
    none: 'Al elegirlas todas, se apartan 10 min.',
    soon: 'Quedan 2 minutos de tus sillas. Amplía el tiempo si lo necesitas.',
    extend: 'Más tiempo',
    atMost: 'Ya no se puede ampliar más.',
    extended: 'Listo: tienes más tiempo.',
  },
  en: {
    label: 'Time of your seats',
    left: 'Seats held for',
    none: 'Choose them all: held for 10 min.',
    soon: '2 minutes left for your seats. Extend the time if you need to.',
    extend: 'More time',
    atMost: 'It cannot be extended further.',
    extended: 'Done: you have more time.',
  },
})
