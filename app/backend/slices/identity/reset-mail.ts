import type { Mail } from '../../mailer.ts'

export const RESET_MINUTES = 60

/**
 * Both languages, since an account has none. No name in it: whoever registers somebody else's address
 * chooses that name, and would write to them under ours.
 */
export const resetMail = (to: string, link: string): Mail => ({
  to,
  subject: 'AeroFlash: nueva contraseña / new password',
  text: `Hola:

Alguien pidió una contraseña nueva para su cuenta de AeroFlash. Elíjala aquí:

${link}

El enlace sirve una vez y vence en ${RESET_MINUTES} minutos. Si no fue usted, no haga nada: su
contraseña sigue siendo la misma.

---

Hello,

Someone asked for a new password for your AeroFlash account. Choose it here:

${link}

The link works once and expires in ${RESET_MINUTES} minutes. If it was not you, do nothing: your
password stays as it is.
`,
})
