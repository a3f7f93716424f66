package dev.ingot.cli;

import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * All there is of a kind, as a table or as JSON.
 *
 * @param kind the name of the list in JSON
 * @param json writes one into an object
 * @param headings of the table's columns
 * @param row the cells of one
 */
record Listing<T>(String kind, BiConsumer<JsonWriter, T> json, List<String> headings, Function<T, List<String>> row) {
    void print(List<T> all, boolean asJson, PrintWriter out) {
        if (asJson) {
            JsonWriter writer = JsonWriter.indented().list(kind);
            for (T each : all) {
                json.accept(writer.element(), each);
                writer.end();
            }
            out.println(writer.endList().finish());
        } else {
            Table table = new Table(headings.toArray(String[]::new));
            for (T each : all) {
                table.add(row.apply(each).toArray(String[]::new));
            }
            table.print(out);
        }
        out.flush();
    }
}
