/** Name of the module and of its account, which holds deposits and runs what passed. */
export const moduleName = "gov";
