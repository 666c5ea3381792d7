const h=703,y=[703],j={2703:((o,d,t)=>{t.a(o,async(x,n)=>{try{t.r(d);var s=t(670),a=t(7249),c=t(5118);await(0,c.O)((0,a.j)(),s.N),n()}catch(v){n(v)}},1)})};export{h as id,y as ids,j as modules};
