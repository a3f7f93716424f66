import groovy.transform.Memoized

class Rules {
    @Memoized
    int weight(String word) {
        word.toList().withIndex().sum { letter, place -> ((int) (letter as char)) * (place + 1) }
    }
}

def slow = new File(System.getProperty('pace.slow', 'no such file'))
def rules = new Rules()
def random = new Random(20)
def letter = { String.valueOf((char) (97 + random.nextInt(26))) }
def add = { first, second -> first + second }
def threeMore = add.curry(3)

def words = []
300.times { words << (0..<(3 + it % 5)).collect { letter() }.join('') }

def total = 0
60.times { round ->
    def counts = new TreeMap()
    words.each { word -> counts[word[0]] = (counts[word[0]] ?: 0) + rules.weight(word) }
    def sorted = counts.entrySet().sort { a, b -> b.value <=> a.value ?: a.key <=> b.key }
    total = threeMore(total) + sorted.take(5).sum { it.value }
    words = words.collect { it.size() < 12 ? it.reverse() + letter() : it.take(4) }
    println "round ${round} total ${total} top ${sorted[0].key}=${sorted[0].value} kinds ${words.groupBy { it.size() }.size()}"
    Thread.sleep(slow.exists() ? 500 : 10)
}
try {
    rules.unknown()
} catch (MissingMethodException e) {
    println "no ${e.method} after ${total}"
}
