const h=468,y=[468],j={6468:((o,d,t)=>{t.a(o,async(x,n)=>{try{t.r(d);var s=t(286),a=t(4595),c=t(1930);await(0,c.O)((0,a.j)(),s.N),n()}catch(v){n(v)}},1)})};export{h as id,y as ids,j as modules};
