// src/github/ brings its own fetch, sends plain routes, and reads the runner's variables itself.
export const getApiBaseUrl = () => 'https://api.github.com';
export const getProxyAgent = () => undefined;
export const getProxyFetch = () => undefined;
export const getAuthString = (token) => token;
export const getUserAgentWithOrchestrationId = (userAgent) => userAgent;

// A method for each of GitHub's 900 endpoints, and what goes through their pages.
export const restEndpointMethods = () => ({});
export const paginateRest = () => ({});

export const Context = function Context() {};
