"""The statements that count. Every one takes the same parameters: `until` (a moment, exclusive) and the regions.

A fact belongs to a year (UTC), to the country of the organisation it was for, and to the techniques of its instrument
with all those above them. The technique '*' stands for all of them, so that what has two techniques counts once there.
`OPEN` and `CUBE` wrap the facts of a measure; the answer has one row for each year or none, each country, region or
none ('' where it is not known), and each technique.
"""

OPEN = """
WITH place AS (
    SELECT * FROM unnest(%(countries)s::text[], %(regions)s::text[]) AS of_place(country, region)
), reach AS (
    SELECT id AS instrument, '*' AS technique FROM instruments_instrument
    UNION ALL SELECT 0, '*'
    UNION SELECT its.instrument_id, above.slug FROM instruments_instrument_techniques its
    JOIN instruments_technique own ON own.id = its.technique_id
    JOIN instruments_technique above ON own.path = above.path OR starts_with(own.path, above.path || '/')
), """
CUBE = """
SELECT year, coalesce(country, region) AS place, technique, {measures}
FROM (SELECT facts.*, coalesce(place.region, '') AS region FROM facts LEFT JOIN place USING (country)) fact {reached}
GROUP BY GROUPING SETS ((), (year)), GROUPING SETS ((), (country), (region)), technique
"""
REACHED = "JOIN reach ON reach.instrument = coalesce(fact.instrument, 0)"
ALONE = "CROSS JOIN (SELECT '*' AS technique) AS any_technique"

# Completed bookings whose period is over; the time is that part of the period in which the door was open.
TIME = """facts AS (
    SELECT booking.instrument_id AS instrument, organisation.country,
        extract(year FROM (upper(booking.period) - interval '1 microsecond') AT TIME ZONE 'UTC')::int AS year,
        count(*) AS bookings,
        count(*) FILTER (WHERE session.state = 'ended') AS sessions,
        sum(extract(epoch FROM upper(worked.span) - lower(worked.span))) AS seconds
    FROM bookings_booking booking
    JOIN accounts_organisation organisation ON organisation.id = booking.organisation_id
    LEFT JOIN bookings_session session ON session.booking_id = booking.id
    CROSS JOIN LATERAL (
        SELECT booking.period * tstzrange(
            coalesce(session.opened_at, lower(booking.period)),
            greatest(coalesce(session.closed_at, upper(booking.period)), session.opened_at, lower(booking.period))
        ) AS span
    ) worked
    WHERE booking.state = 'completed' AND upper(booking.period) <= %(until)s
    GROUP BY 1, 2, 3
)"""
TIME_MEASURES = (
    "sum(bookings) AS bookings, sum(sessions) AS sessions, (coalesce(sum(seconds), 0) / 60)::bigint AS minutes"
)

# What holders of awards reported.
REPORTS = """facts AS (
    SELECT award.instrument_id AS instrument, organisation.country,
        extract(year FROM outcome.reported_at AT TIME ZONE 'UTC')::int AS year,
        outcome.structures_solved, outcome.theses
    FROM bookings_outcome outcome
    JOIN calls_award award ON award.id = outcome.award_id
    JOIN accounts_organisation organisation ON organisation.id = award.organisation_id
    WHERE outcome.reported_at < %(until)s
)"""
REPORT_MEASURES = "sum(structures_solved) AS structures, sum(theses) AS theses"

PUBLICATIONS = """facts AS (
    SELECT award.instrument_id AS instrument, organisation.country, lower(doi) AS doi,
        extract(year FROM outcome.reported_at AT TIME ZONE 'UTC')::int AS year
    FROM bookings_outcome outcome
    JOIN calls_award award ON award.id = outcome.award_id
    JOIN accounts_organisation organisation ON organisation.id = award.organisation_id
    CROSS JOIN LATERAL unnest(outcome.dois) AS doi
    WHERE outcome.reported_at < %(until)s
)"""
PUBLICATION_MEASURES = "count(DISTINCT doi) AS publications"

# Gifts that arrived, by the year they did, and what the last follow-up heard of each. They have no technique.
GIFTS = """facts AS (
    SELECT organisation.country, extract(year FROM given.completed_at AT TIME ZONE 'UTC')::int AS year, last.in_use
    FROM donations_match given
    JOIN donations_need need ON need.id = given.need_id
    JOIN accounts_organisation organisation ON organisation.id = need.organisation_id
    LEFT JOIN LATERAL (
        SELECT in_use FROM donations_followup
        WHERE match_id = given.id AND state = 'answered' AND answered_at < %(until)s
        ORDER BY months DESC, id DESC LIMIT 1
    ) last ON true
    WHERE given.state = 'completed' AND given.completed_at < %(until)s
)"""
GIFT_MEASURES = "count(*) AS gifts, count(*) FILTER (WHERE in_use IN ('daily', 'sometimes')) AS gifts_in_use"


def cube(facts: str, measures: str, reached: str = REACHED) -> str:
    return OPEN + facts + CUBE.format(measures=measures, reached=reached)


CELLS = (
    cube(TIME, TIME_MEASURES),
    cube(REPORTS, REPORT_MEASURES),
    cube(PUBLICATIONS, PUBLICATION_MEASURES),
    cube(GIFTS, GIFT_MEASURES, ALONE),
)

# People, each once in every group: by one of year, place and technique at a time, whole, by gender and by stage.
PEOPLE = """
SELECT year, coalesce(country, region) AS place, technique, gender, stage, count(DISTINCT person)
FROM (SELECT facts.*, coalesce(place.region, '') AS region FROM facts LEFT JOIN place USING (country)) fact {reached}
JOIN (
    SELECT id, CASE WHEN gender = '' THEN 'unsaid' ELSE gender END AS gender,
        CASE WHEN career_stage = '' THEN 'unsaid' ELSE career_stage END AS stage
    FROM accounts_user
) said ON said.id = fact.person
GROUP BY GROUPING SETS ((), (year), (country), (region), (technique)), GROUPING SETS ((), (gender), (stage))
"""

# Those who hold the award of a completed booking or took part in it.
RESEARCHERS = """used AS (
    SELECT booking.id, booking.instrument_id AS instrument, organisation.country, booking.award_id,
        extract(year FROM (upper(booking.period) - interval '1 microsecond') AT TIME ZONE 'UTC')::int AS year
    FROM bookings_booking booking
    JOIN accounts_organisation organisation ON organisation.id = booking.organisation_id
    WHERE booking.state = 'completed' AND upper(booking.period) <= %(until)s
), facts AS (
    SELECT award.holder_id AS person, used.instrument, used.country, used.year
    FROM (SELECT DISTINCT award_id, instrument, country, year FROM used) used
    JOIN calls_award award ON award.id = used.award_id
    UNION
    SELECT part.user_id, used.instrument, used.country, used.year
    FROM used JOIN bookings_booking_participants part ON part.booking_id = used.id
)"""

# Those who stayed to the end of a training, passed or not; in the country they work in.
TRAINED = """facts AS (
    SELECT place_on.user_id AS person, coalesce(training.instrument_id, -training.technique_id) AS instrument,
        person.country, extract(year FROM training.ends_at AT TIME ZONE 'UTC')::int AS year
    FROM instruments_trainingplace place_on
    JOIN instruments_training training ON training.id = place_on.training_id
    JOIN accounts_user person ON person.id = place_on.user_id
    WHERE training.state = 'closed' AND training.ends_at < %(until)s
        AND place_on.state = 'given' AND place_on.result IN ('passed', 'failed')
), taught AS (
    SELECT instrument, technique FROM reach
    UNION ALL SELECT -id, '*' FROM instruments_technique
    UNION SELECT -own.id, above.slug FROM instruments_technique own
    JOIN instruments_technique above ON own.path = above.path OR starts_with(own.path, above.path || '/')
)"""
TAUGHT = "JOIN taught ON taught.instrument = fact.instrument"

PERSONS = {
    "researchers": OPEN + RESEARCHERS + PEOPLE.format(reached=REACHED),
    "trained": OPEN + TRAINED + PEOPLE.format(reached=TAUGHT),
}

# Those whom holders of awards say they trained: numbers, not names, so nobody can be counted once.
TOLD_FACTS = """facts AS (
    SELECT award.instrument_id AS instrument, organisation.country, outcome.people_trained, outcome.women_trained,
        extract(year FROM outcome.reported_at AT TIME ZONE 'UTC')::int AS year
    FROM bookings_outcome outcome
    JOIN calls_award award ON award.id = outcome.award_id
    JOIN accounts_organisation organisation ON organisation.id = award.organisation_id
    WHERE outcome.reported_at < %(until)s AND outcome.people_trained > 0
)"""
# A report counts once, but under each technique where these are apart.
NUMBERS = """
SELECT year, coalesce(country, region) AS place, technique,
    CASE WHEN grouping(technique) = 0 THEN sum(people_trained)
        ELSE sum(people_trained) FILTER (WHERE technique = '*') END,
    CASE WHEN grouping(technique) = 0 THEN sum(women_trained)
        ELSE sum(women_trained) FILTER (WHERE technique = '*') END
FROM (SELECT facts.*, coalesce(place.region, '') AS region FROM facts LEFT JOIN place USING (country)) fact {reached}
GROUP BY GROUPING SETS ((), (year), (country), (region), (technique))
"""
TOLD = OPEN + TOLD_FACTS + NUMBERS.format(reached=REACHED)
