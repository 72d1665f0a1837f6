// Timefold on a question: who does which steps in which order is the decision; when they are done
// follows. 用 Timefold 求解：决策是每人的步骤顺序，时间由顺序推出。
//
// Arguments: file of numbers that `timefold_peer.py` writes, file for the answer, seconds.
// A step begins as early as its person, its order and its bureau let it. Whether it may work overtime
// is a decision too; then it works every open minute.

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.InverseRelationShadowVariable;
import ai.timefold.solver.core.api.domain.variable.PlanningListVariable;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.domain.variable.PreviousElementShadowVariable;
import ai.timefold.solver.core.api.domain.variable.ShadowVariable;
import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.solver.SolutionManager;
import ai.timefold.solver.core.api.solver.SolverConfigOverride;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.PreviewFeature;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import ai.timefold.solver.core.preview.api.domain.variable.declarative.ShadowSources;
import ai.timefold.solver.core.preview.api.domain.variable.declarative.ShadowVariableLooped;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Scanner;

public class Dispatch {
    /** When a step is done, and how many of its minutes are overtime. */
    public record Span(int start, int end, int extra) {}

    /** Sorted spans of {from, to, 1 if overtime}. */
    record Hours(int[][] spans) {
        /** The row of the first span that ends after `tick`. */
        int row(int tick) {
            int low = 0, high = spans.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (spans[middle][1] <= tick) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        /** The first open minute at or after `tick`, or -1. */
        int next(int tick) {
            int row = row(tick);
            return row == spans.length ? -1 : Math.max(tick, spans[row][0]);
        }

        /** `minutes` worked from `ready` on, begun in `begins` if given; null if there is no such. */
        Span work(int ready, int minutes, Hours begins) {
            int start = next(ready);
            while (begins != null && start >= 0) {
                int allowed = begins.next(start);
                if (allowed == start) break;
                start = allowed < 0 ? -1 : next(allowed);
            }
            if (start < 0) return null;
            int left = minutes, extra = 0;
            for (int row = row(start); row < spans.length; row++) {
                int from = Math.max(start, spans[row][0]);
                int part = Math.min(left, spans[row][1] - from);
                left -= part;
                extra += part * spans[row][2];
                if (left == 0) return new Span(start, from + part, extra);
            }
            return null;
        }
    }

    /** Elapsed minutes, or rows {from, to, until}. */
    record Lag(int minutes, int[][] rows) {
        int end(int event) {
            if (rows.length == 0) return event + minutes;
            for (int[] row : rows) if (row[0] <= event && event < row[1]) return row[2];
            return -1;
        }
    }

    /**
     * A moment that follows from a step's start or end (or from `floor`) by lags and hours. The step
     * is told by its place in a list of the owner's: lists of entities are copied with the plan.
     */
    record Moment(int place, boolean atStart, int floor, List<Object> ways, int latest) {
        int at(List<Step> steps) {
            int tick = floor;
            if (place >= 0) {
                Span span = steps.get(place).span;
                if (span == null) return -1;
                tick = Math.max(tick, atStart ? span.start() : span.end());
            }
            for (Object way : ways) {
                tick = way instanceof Lag lag ? lag.end(tick) : ((Hours) way).next(tick);
                if (tick < 0) return -1;
            }
            return tick <= latest ? tick : -1;
        }
    }

    @PlanningEntity
    public static class Person {
        int row, price;
        Hours regular, all;
        @PlanningListVariable(allowsUnassignedValues = true)
        public List<Step> line = new ArrayList<>();
    }

    @PlanningEntity
    public static class Ticket {
        int release;
        long unserved;
        long[][] pieces;
        List<Moment> ends = new ArrayList<>();
        public List<Step> steps = new ArrayList<>(); // its own, and others its waits depend on
        @ShadowVariable(supplierName = "finished")
        public Integer finish;

        /** When all of it is done; null where it is not served. */
        @ShadowSources("steps[].span")
        public Integer finished() {
            int latest = 0;
            for (Step step : steps) if (step.span == null) return null;
            for (Moment end : ends) {
                int at = end.at(steps);
                if (at < 0) return null;
                latest = Math.max(latest, at);
            }
            return latest;
        }

        long loss(long end) {
            int row = pieces.length - 1;
            while (row >= 0 && pieces[row][0] >= end) row--;
            return row < 0 ? 0 : pieces[row][1] + pieces[row][2] * (end - pieces[row][0]) / 60;
        }

        public long cost() {
            return finish == null ? unserved : loss(finish);
        }
    }

    @PlanningEntity
    public static class Step {
        int row, latest;
        int[] minutes; // by person; 0: may not
        Hours begins;
        Ticket ticket;
        List<Moment> ready = new ArrayList<>();
        public List<Step> before = new ArrayList<>();
        List<Step> differs = new ArrayList<>(), same = new ArrayList<>();
        @PlanningVariable(valueRangeProviderRefs = "may")
        public Boolean late = false; // whether it may work overtime
        @InverseRelationShadowVariable(sourceVariableName = "line")
        public Person person;
        @PreviousElementShadowVariable(sourceVariableName = "line")
        public Step previous;
        @ShadowVariable(supplierName = "placed")
        public Span span;
        @ShadowVariableLooped
        public boolean looped;

        @ShadowSources({"person", "late", "previous.span", "before[].span"})
        public Span placed() {
            if (person == null || minutes[person.row] == 0) return null;
            int tick = ticket.release;
            if (previous != null) {
                if (previous.span == null) return null;
                tick = Math.max(tick, previous.span.end());
            }
            for (Moment moment : ready) {
                int at = moment.at(before);
                if (at < 0) return null;
                tick = Math.max(tick, at);
            }
            Hours hours = Boolean.TRUE.equals(late) ? person.all : person.regular;
            Span span = hours.work(tick, minutes[person.row], begins);
            return span == null || span.end() > latest ? null : span;
        }

        public long overtime() {
            return span == null ? 0 : ((long) span.extra() * person.price + 59) / 60;
        }
    }

    @PlanningSolution
    public static class Plan {
        @PlanningEntityCollectionProperty
        public List<Person> people = new ArrayList<>();
        @PlanningEntityCollectionProperty
        public List<Ticket> tickets = new ArrayList<>();
        @PlanningEntityCollectionProperty
        @ValueRangeProvider
        public List<Step> steps = new ArrayList<>();
        @ValueRangeProvider(id = "may")
        public List<Boolean> may = List.of(false, true);
        @PlanningScore
        public HardSoftLongScore score;
    }

    public static class Rules implements ConstraintProvider {
        @Override
        public Constraint[] defineConstraints(ConstraintFactory rules) {
            return new Constraint[] {
                rules.forEachIncludingUnassigned(Step.class).filter(step -> step.looped)
                    .penalize(HardSoftLongScore.ONE_HARD).asConstraint("order"),
                rules.forEach(Step.class).filter(step -> step.minutes[step.person.row] == 0)
                    .penalize(HardSoftLongScore.ONE_HARD).asConstraint("skill"),
                pairs(rules).filter((one, two) -> one.differs.contains(two) && one.person == two.person)
                    .penalize(HardSoftLongScore.ONE_HARD).asConstraint("four eyes"),
                pairs(rules).filter((one, two) -> one.same.contains(two) && one.person != two.person)
                    .penalize(HardSoftLongScore.ONE_HARD).asConstraint("one driver"),
                rules.forEachIncludingUnassigned(Ticket.class).filter(ticket -> ticket.cost() > 0)
                    .penalizeLong(HardSoftLongScore.ONE_SOFT, Ticket::cost).asConstraint("loss"),
                rules.forEach(Step.class).filter(step -> step.overtime() > 0)
                    .penalizeLong(HardSoftLongScore.ONE_SOFT, Step::overtime).asConstraint("overtime")};
        }

        private static ai.timefold.solver.core.api.score.stream.bi.BiConstraintStream<Step, Step> pairs(
                ConstraintFactory rules) {
            return rules.forEach(Step.class)
                .filter(step -> !step.differs.isEmpty() || !step.same.isEmpty())
                .join(rules.forEach(Step.class), Joiners.equal(step -> step.ticket, step -> step.ticket));
        }
    }

    /** Reads the numbers in the order in which they are written. */
    static class Reader {
        final Scanner numbers;
        final Plan plan = new Plan();
        final List<Hours> hours = new ArrayList<>();
        final List<Lag> lags = new ArrayList<>();

        Reader(String path) throws IOException {
            numbers = new Scanner(Files.readString(Path.of(path)));
        }

        int next() {
            return numbers.nextInt();
        }

        int[][] rows(int width) {
            int[][] rows = new int[next()][width];
            for (int[] row : rows) for (int column = 0; column < width; column++) row[column] = next();
            return rows;
        }

        Hours hours() {
            int[][] spans = rows(3);
            Arrays.sort(spans, Comparator.comparingInt(span -> span[0]));
            return new Hours(spans);
        }

        Plan read() {
            for (int count = next(); count > 0; count--) hours.add(hours());
            for (int count = next(); count > 0; count--) lags.add(new Lag(next(), rows(3)));
            for (int count = next(); count > 0; count--) {
                Person person = new Person();
                person.row = plan.people.size();
                person.price = next();
                person.regular = hours();
                person.all = hours();
                plan.people.add(person);
            }
            for (int count = next(); count > 0; count--) {
                Ticket ticket = new Ticket();
                ticket.release = next();
                ticket.unserved = numbers.nextLong();
                ticket.pieces = new long[next()][3];
                for (long[] piece : ticket.pieces)
                    for (int column = 0; column < 3; column++) piece[column] = numbers.nextLong();
                plan.tickets.add(ticket);
            }
            steps();
            for (Ticket ticket : plan.tickets) moments(ticket.ends, ticket.steps);
            for (Person person : plan.people)
                for (int[] placed : rows(2)) {
                    person.line.add(plan.steps.get(placed[0]));
                    plan.steps.get(placed[0]).late = placed[1] == 1;
                }
            return plan;
        }

        void steps() {
            int count = next();
            for (int row = 0; row < count; row++) {
                Step step = new Step();
                step.row = row;
                plan.steps.add(step);
            }
            for (Step step : plan.steps) {
                step.ticket = plan.tickets.get(next());
                step.ticket.steps.add(step);
                step.latest = next();
                int begins = next();
                step.begins = begins < 0 ? null : hours.get(begins);
                step.minutes = new int[plan.people.size()];
                for (int[] able : rows(2)) step.minutes[able[0]] = able[1];
                moments(step.ready, step.before);
                for (int[] other : rows(1)) step.differs.add(plan.steps.get(other[0]));
                for (int[] other : rows(1)) step.same.add(plan.steps.get(other[0]));
            }
        }

        void moments(List<Moment> into, List<Step> steps) {
            for (int count = next(); count > 0; count--) {
                int row = next();
                boolean atStart = next() == 1;
                int floor = next(), latest = next();
                List<Object> ways = new ArrayList<>();
                for (int[] way : rows(2)) ways.add(way[0] == 0 ? lags.get(way[1]) : hours.get(way[1]));
                Step step = row < 0 ? null : plan.steps.get(row);
                if (step != null && !steps.contains(step)) steps.add(step);
                into.add(new Moment(steps.indexOf(step), atStart, floor, ways, latest));
            }
        }
    }

    public static void main(String[] asked) throws IOException {
        Plan plan = new Reader(asked[0]).read();
        SolverConfig config = new SolverConfig()
            .withPreviewFeature(PreviewFeature.DECLARATIVE_SHADOW_VARIABLES)
            .withSolutionClass(Plan.class)
            .withEntityClasses(Person.class, Ticket.class, Step.class)
            .withConstraintProviderClass(Rules.class)
            .withRandomSeed(1L)
            .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
            .withPhases(new LocalSearchPhaseConfig()) // building from the start would use up the time
            .withTerminationConfig(new TerminationConfig().withMillisecondsSpentLimit(Long.MAX_VALUE));
        SolverFactory<Plan> factory = SolverFactory.create(config);
        SolutionManager.create(factory).update(plan);
        long spent = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        long left = Math.max(500, (long) (1000 * Double.parseDouble(asked[2])) - spent);
        Plan best = factory.buildSolver(new SolverConfigOverride<Plan>().withTerminationConfig(
            new TerminationConfig().withMillisecondsSpentLimit(left))).solve(plan);
        try (PrintWriter out = new PrintWriter(asked[1])) {
            out.println(best.score.hardScore() + " " + -best.score.softScore());
            for (Step step : best.steps)
                if (step.span != null)
                    out.println(step.row + " " + step.person.row + " " + step.span.start() + " " + step.span.end());
        }
    }
}
