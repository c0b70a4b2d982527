/** A command that waits to be sent. Its key makes sure that it is carried out once, however often it is sent. */
export interface Letter<Body> {
	key: string;
	body: Body;
}
