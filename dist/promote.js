import{load as o}from"./index.js";await o.promote();
