"""The DataStore: flat files in object storage, the point of truth (OSEP-1: ObjectStore).

objects     one object store in S3, a folder or memory
repeating   what is asked again when S3 did not answer
addresses   what the addresses of stores say
keys        which keys are safe everywhere
store       the public and the private store
bucket      preparing them: policy and CORS
s3          what S3 is asked for beyond objects
signing     signed URLs, and uploads in parts
transfers   copies from store to store
layout      where everything lies

revisions   reading revisions, and the commit
manifest    the stored descriptor and its heading
sources     a package's files and their stored paths
versions    which revision a number, a day or a hash names
numbering   finding the last of numbered objects
changelog   what happened, in one order
registry    the list of datasets
verify      proof that nothing was altered
savedviews  views under short addresses

doctor      whether the stores are as they must be
findings    what it finds, and what a check is
s3checks    what our keys may do
openchecks  what strangers and browsers may do
strangers   requests that nobody signed

permissions who may do what
audit       who did what
homes       in which store a dataset is
tombstones  what stays where it was
fenced      the store as it is given to whoever writes to a dataset

moving      publish, hide, withdraw, rename
journal     which moves there were, and who has a name
leaving     the steps of a move
places      the folder that a dataset leaves or comes to
seals       what stops commits to a place that it leaves
arrival     what tells of a dataset that it came from elsewhere
"""
