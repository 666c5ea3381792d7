const x=112,h=[112],y={112:((n,d,o)=>{o.a(n,async(v,t)=>{try{o.r(d);var s=o(181),a=o(249),c=o(733);await(0,c.M)("roll",(0,a.j)(),s.N),t()}catch(l){t(l)}},1)})};export{x as id,h as ids,y as modules};
