/** The `class` of images of which none is known: no class like others, as they need have nothing in common. */
export const noClass = 'unlabelled';
