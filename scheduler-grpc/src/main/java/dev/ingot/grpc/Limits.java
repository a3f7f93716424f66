package dev.ingot.grpc;

import dev.ingot.grpc.v1.Bound;
import dev.ingot.grpc.v1.Budget;
import dev.ingot.grpc.v1.BudgetUse;
import dev.ingot.grpc.v1.TenantLimits;
import dev.ingot.scheduler.pool.Resources;

/** The limits of tenants as messages and back. */
final class Limits {
    private static final long ANY = dev.ingot.scheduler.pool.TenantLimits.ANY;

    private Limits() {}

    static TenantLimits limits(dev.ingot.scheduler.pool.TenantLimits limits) {
        TenantLimits.Builder message = TenantLimits.newBuilder()
                .setBorrowing(bound(limits.borrowing()))
                .setLending(bound(limits.lending()));
        dev.ingot.scheduler.pool.Budget budget = limits.budget();
        if (budget != null) {
            Budget.Builder part = Budget.newBuilder().setWindowMillis(budget.windowMillis());
            if (budget.milliCoreHours() < ANY) {
                part.setMilliCoreHours(budget.milliCoreHours());
            }
            if (budget.milliDeviceHours() < ANY) {
                part.setMilliDeviceHours(budget.milliDeviceHours());
            }
            message.setBudget(part);
        }
        return message.build();
    }

    static BudgetUse use(dev.ingot.scheduler.pool.BudgetUse use) {
        return BudgetUse.newBuilder()
                .setMilliCoreHours(use.milliCoreHours())
                .setMilliDeviceHours(use.milliDeviceHours())
                .setUntil(use.until())
                .build();
    }

    private static Bound bound(Resources most) {
        Bound.Builder message = Bound.newBuilder();
        if (most.milliCores() < ANY) {
            message.setMilliCores(most.milliCores());
        }
        if (most.memoryMiB() < ANY) {
            message.setMemoryMib(most.memoryMiB());
        }
        if (most.milliDevices() < ANY) {
            message.setMilliDevices(most.milliDevices());
        }
        return message.build();
    }

    /** @throws IllegalArgumentException for an amount that can be no limit */
    static dev.ingot.scheduler.pool.TenantLimits limits(TenantLimits message) {
        Budget budget = message.getBudget();
        return new dev.ingot.scheduler.pool.TenantLimits(
                bound(message.getBorrowing()),
                bound(message.getLending()),
                message.hasBudget()
                        ? new dev.ingot.scheduler.pool.Budget(
                                most(budget.hasMilliCoreHours(), budget.getMilliCoreHours()),
                                most(budget.hasMilliDeviceHours(), budget.getMilliDeviceHours()),
                                most(true, budget.getWindowMillis()))
                        : null);
    }

    private static Resources bound(Bound message) {
        return new Resources(
                most(message.hasMilliCores(), message.getMilliCores()),
                most(message.hasMemoryMib(), message.getMemoryMib()),
                most(message.hasMilliDevices(), message.getMilliDevices()));
    }

    private static long most(boolean limited, long amount) {
        if (limited && (amount < 0 || amount >= ANY)) {
            throw new IllegalArgumentException(amount + " can be no limit");
        }
        return limited ? amount : ANY;
    }
}
