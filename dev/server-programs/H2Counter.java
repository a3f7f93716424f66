import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** Counts in a row of a table, one transaction each time. */
final class H2Counter implements Counter {
    private final Connection connection;
    private final int client;

    H2Counter(int port, int client) throws Exception {
        this.client = client;
        connection = DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + port + "/./counts", "sa", "");
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists counts(client int primary key, number bigint)");
            try (ResultSet row = statement.executeQuery("select number from counts where client = " + client)) {
                if (!row.next()) {
                    statement.execute("insert into counts values (" + client + ", 0)");
                }
            }
        }
        connection.setAutoCommit(false);
    }

    @Override
    public long next() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("update counts set number = number + 1 where client = " + client);
            try (ResultSet row = statement.executeQuery("select number from counts where client = " + client)) {
                row.next();
                long number = row.getLong(1);
                connection.commit();
                return number;
            }
        }
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
