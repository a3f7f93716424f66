/** A count that a server keeps for one client. */
interface Counter extends AutoCloseable {
    /** Has the server count one more, and returns what it has counted up to now. */
    long next() throws Exception;
}
