import { words } from '../language.ts'

export const notFound = words({
  es: {
    title: 'No encontramos esta página',
    lead: 'La dirección puede estar mal escrita o la página ya no existe. Esto te puede servir:',
    ways: [
      { href: '/', name: 'Buscar vuelos', hint: 'Elige ruta, fechas y quiénes viajan.' },
      { href: '/booking', name: 'Mi reserva', hint: 'Ábrela con su código y tu apellido.' },
      { href: '/flight-status', name: 'Estado de vuelos', hint: 'Sigue un vuelo en vivo.' },
    ],
  },
  en: {
    title: 'We could not find this page',
    lead: 'The address may be misspelt, or the page is no longer there. These may help:',
    ways: [
      { href: '/', name: 'Search flights', hint: 'Choose a route, dates and who travels.' },
      { href: '/booking', name: 'My booking', hint: 'Open it with its code and your family name.' },
      { href: '/flight-status', name: 'Flight status', hint: 'Follow a flight live.' },
    ],
  },
})
