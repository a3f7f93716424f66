package dev.ingot.samples.web;

import jakarta.servlet.http.HttpSession;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A shop as a Spring Boot application: carts in sessions, orders in a database. It knows nothing of Ingot. */
@SpringBootApplication
@RestController
public class Shop {
    private final JdbcTemplate orders;

    public Shop(JdbcTemplate orders) {
        this.orders = orders;
        orders.execute("create table item(cart varchar, name varchar)");
    }

    /** The shop's own entry. */
    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }

    /** Puts something into the cart; answers how often the session and the database remember that was done. */
    @PostMapping("/cart")
    public String add(@RequestParam("item") String item, HttpSession session) {
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        orders.update("insert into item values(?, ?)", session.getId(), item);
        Integer stored =
                orders.queryForObject("select count(*) from item where cart = ?", Integer.class, session.getId());
        return count + " in the session, " + stored + " in the database";
    }
}
