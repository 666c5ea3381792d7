const h=96,l=[96],y={5096:((o,a,n)=>{n.a(o,async(x,t)=>{try{n.r(a);var d=n(670),s=n(7249),c=n(5118);await(0,c.M)("plan",(0,s.j)(),d.N),t()}catch(v){t(v)}},1)})};export{h as id,l as ids,y as modules};
