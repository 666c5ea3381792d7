const h=703,y=[703],j={703:((o,d,t)=>{t.a(o,async(x,n)=>{try{t.r(d);var s=t(181),a=t(249),c=t(733);await(0,c.O)((0,a.j)(),s.N),n()}catch(v){n(v)}},1)})};export{h as id,y as ids,j as modules};
