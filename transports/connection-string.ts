export interface ConnectionString { readonly protocol: 'tcp' }
