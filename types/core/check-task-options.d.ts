/** Null is asyncio's None: by default. @throws TypeError for what is no option of a task */
export declare function checkTaskOptions(options: object): void;
