export { type HttpTransportOptions, type ServerPlace, httpTransport } from './http-transport.ts';
export { type SignInAsOsUser, type SignedIn, signInAsOsUser } from './sign-in-as-os-user.ts';
