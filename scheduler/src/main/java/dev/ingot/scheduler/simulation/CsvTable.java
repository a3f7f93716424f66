package dev.ingot.scheduler.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table in a file, with cells between commas and a header, and nothing quoted. */
final class CsvTable {
    private CsvTable() {}

    /**
     * Its rows, without the header.
     *
     * @throws IOException if it cannot be read or has another form; the message names the line
     */
    static List<String[]> rows(Path file, String header) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).equals(header)) {
            throw new IOException(file + " is no such list: its first line should be " + header);
        }
        int columns = header.split(",", -1).length;
        List<String[]> rows = new ArrayList<>();
        for (int number = 1; number < lines.size(); number++) {
            String[] row = lines.get(number).split(",", -1);
            if (row.length != columns) {
                throw new IOException(
                        file + " has " + row.length + " columns in line " + (number + 1) + " instead of " + columns);
            }
            rows.add(row);
        }
        return rows;
    }
}
