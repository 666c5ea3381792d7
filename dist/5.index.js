const h=5,l=[5],y={2005:((o,a,n)=>{n.a(o,async(x,t)=>{try{n.r(a);var d=n(286),s=n(4595),c=n(1930);await(0,c.M)("plan",(0,s.j)(),d.N),t()}catch(v){t(v)}},1)})};export{h as id,l as ids,y as modules};
