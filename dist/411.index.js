const s=411,t=[411],d={2792:((n,e,_)=>{_.d(e,{KubeConfig:()=>o.yp});var o=_(9372)})};export{s as id,t as ids,d as modules};
