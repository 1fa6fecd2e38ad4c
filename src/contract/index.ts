export { LONGEST, MAX_PAGE, limitOf } from './fields.ts';
export { documentedPath, openApi } from './openapi.ts';
export { PROBLEM_TYPE, type Problem, problem } from './problem.ts';
export {
  type AnswerOf,
  type BodyOf,
  type CallOf,
  type Method,
  type ParamsOf,
  type QueryOf,
  type Route,
  type Seen,
  takesKey,
  takesPath,
} from './route.ts';
export { ROUTES, ROUTE_IDS, type RouteId, type Routes } from './routes.ts';
