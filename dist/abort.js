import{load as a}from"./index.js";await a.abort();
