import { words } from '../language.ts'

export const frame = words({
  es: {
    skip: 'Ir al contenido',
    search: 'Buscar vuelos',
    trips: 'Mis viajes',
    booking: 'Mi reserva',
    status: 'Estado de vuelos',
    signIn: 'Entrar',
    signOut: 'Salir',
    menu: 'Navegación',
    language: 'English',
    foot: 'AeroFlash vende cada silla una sola vez. Una aerolínea de demostración: no vende vuelos reales.',
    docs: 'API',
  },
  en: {
    skip: 'Skip to content',
    search: 'Search flights',
    trips: 'My trips',
    booking: 'My booking',
    status: 'Flight status',
    signIn: 'Sign in',
    signOut: 'Sign out',
    menu: 'Navigation',
    language: 'Español',
    foot: 'AeroFlash sells every seat once. A demonstration airline: it sells no real flights.',
    docs: 'API',
  },
})
