"""Identity (OSEP-1: Common): accounts and organisations, how they sign in, and tokens that others verify alone.

tokens          access tokens: signed, and verified by every component with published keys
ended           … of what has not ended meanwhile
authentication  who a request is for, found before any route
schema          the tables
secretcodes     secrets that are kept as hashes
keys            the keys that sign, and their rotation

names           names of owners, from one space
accounts        people
organisations   owners that several of them share
collaborators   datasets that are shared with single accounts
actors          what an account may do, composed of these
robots          tokens of programs
sessions        signed-in browsers
devices         … as their person knows them again
endings         what ended before its access tokens do
links           one-time links: the first administrator, sign-in, invitations
invitations     … those that are open
installation    what routes and commands work with

provider        an OpenID Connect issuer
idtokens        what it states about a person
signingin       from the button to its page and back

pace            how often something may be tried
localpaths      where to go after signing in
cookies         the cookies of a signed-in browser
bodies          JSON bodies and parameters
asking          who a request is for, and where it comes from

routes              all routes
signinroutes        … of signing in and out
signinpage          … and its page
signinwords         … what it says
accountroutes       … of one's own account and tokens
sessionroutes       … of one's own sessions
organisationroutes  … of organisations
invitationroutes    … of invitations into them
"""
