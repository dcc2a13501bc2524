"""Domain section 6.4 written out again, cell by cell, for the tests that hold the code against it."""

from schemas.codes import AgencyType, Level, Outcome

# Referrer, involved, and involved with a role in the child's plan, as three digits a cell.
#                         NFA SAL S17 STR
#                         ADV EHF OPN S47S TRF CTI ACC EMP LAD INF
#                                 PVF S47J
MATRIX = """
POLICE                    312 322 333 333 333 333 333 111 111 200
PROBATION                 312 322 333 333 333 333 333 111 100 200
YOUTH_JUSTICE             312 322 333 333 333 333 333 111 100 200
HEALTH_VISITING           312 322 333 333 333 333 333 111 100 200
SCHOOL_NURSING            312 322 333 333 333 333 333 111 100 200
MIDWIFERY                 312 322 333 333 333 333 333 111 100 200
EMERGENCY_DEPT            312 322 333 333 333 333 333 111 100 200
CAMHS                     312 322 333 333 333 333 333 111 100 200
AMBULANCE                 312 322 333 333 333 333 333 111 100 200
ACUTE_HOSPITAL            312 322 333 333 333 333 333 111 100 200
OTHER_HEALTH              312 322 333 333 333 333 333 111 100 200
LA_SOCIAL_CARE            312 322 333 333 333 333 333 111 100 200
EARLY_HELP                312 322 333 333 333 333 333 111 100 200
OTHER_LA                  312 322 333 333 333 333 333 111 100 200
ADULT_MENTAL_HEALTH       212 222 222 222 200 022 111 100 100 200
SUBSTANCE_MISUSE          212 222 222 222 200 022 111 100 100 200
GP                        212 222 222 222 222 222 111 100 100 200
SCHOOL                    212 222 222 222 211 222 111 100 100 200
EDUCATION_SERVICE         212 222 222 222 211 222 111 100 100 200
EARLY_YEARS               212 222 222 222 211 222 111 100 100 200
DENTIST                   212 200 200 200 100 000 111 100 100 200
OTHER_PRIMARY_HEALTH      212 200 200 200 100 000 111 100 100 200
FIRE                      212 200 200 200 100 000 111 100 100 200
VOLUNTARY                 212 200 200 200 100 000 111 100 100 200
OTHER                     212 200 200 200 100 000 111 100 100 200
LEGAL_OTHER               212 200 200 200 100 000 111 100 100 200
CHILDMINDER               111 100 100 100 100 000 111 100 100 100
HOUSING                   212 222 100 100 100 000 111 100 100 200
LA_INTERNAL               212 222 100 100 100 000 111 100 100 200
FAMILY                    000 000 000 000 000 000 000 000 000 000
ACQUAINTANCE              000 000 000 000 000 000 000 000 000 000
SELF                      000 000 000 000 000 000 000 000 000 000
OTHER_INDIVIDUAL          000 000 000 000 000 000 000 000 000 000
ANONYMOUS                 000 000 000 000 000 000 000 000 000 000
UNKNOWN                   000 000 000 000 000 000 000 000 000 000
"""
COLUMNS = ["NFA ADV", "SAL EHF", "S17 OPN PVF", "STR S47S S47J", "TRF", "CTI", "ACC", "EMP", "LAD", "INF"]
LEVELS = {
    (AgencyType(name), Outcome(outcome)): tuple(Level(int(digit)) for digit in cell)
    for name, *cells in map(str.split, MATRIX.strip().splitlines())
    for outcomes, cell in zip(COLUMNS, cells, strict=True)
    for outcome in outcomes.split()
}
